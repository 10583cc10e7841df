/**
 * What clients say and what we answer: commands parsed once, replies named once.
 *
 * <p>May import: mail, peer, wire.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * return Replies.AUTH_REQUIRED;   // 530 5.7.0, RFC 4954 §6
 * }
 */
@NullMarked
package heddle.smtp;

import org.jspecify.annotations.NullMarked;
