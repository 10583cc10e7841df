package heddle.remote;

import heddle.mail.Secret;

/**
 * Whether the password is right.
 *
 * @param name in normal form, as the other server is to hear it; no control characters
 * @param password not empty, no NUL; the caller wipes it
 */
public record Question(String name, Secret password, Caller caller) {}
