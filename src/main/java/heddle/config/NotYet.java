package heddle.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The setting, word or form is read and checked but has no effect so far. Whoever puts it into
 * force takes the mark away.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.TYPE})
@interface NotYet {
  /** What does not happen so far, one clause without a full stop. */
  String value();
}
