package heddle.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the manual, the annotated example and {@code config explain} say of a setting, and what the
 * reader holds it to. Values are written as they would be in the file.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Doc {
  /** Whole sentences. */
  String value();

  /** TOML text of the value that holds where the file says nothing; empty where there is none. */
  String byDefault() default "";

  /** TOML text of a likely value, for settings that are unset by default. */
  String example() default "";

  Applies applies() default Applies.NEW_CONNECTIONS;

  /** The least number, or the least duration in milliseconds. */
  long min() default 0;

  long max() default Integer.MAX_VALUE;

  /** Whether the table makes no sense without it. */
  boolean required() default false;
}
