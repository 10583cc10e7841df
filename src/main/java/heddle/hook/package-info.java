/**
 * The site's own say: the interfaces that a hook implements, what it gets to see, and the verbs it
 * answers with. This is a public API; its version is {@link heddle.hook.Api#VERSION}, by semantic
 * versioning. {@code docs/hooks.md} is its manual.
 *
 * <p>May import: sasl, mail, peer, wire.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * return reject("No logins from here").codes(535, "5.7.8").disconnect();
 * }
 */
@NullMarked
package heddle.hook;

import org.jspecify.annotations.NullMarked;
