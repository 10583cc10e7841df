package heddle.peer;

import java.util.OptionalLong;

/**
 * Who is at the other end of a UNIX socket, by the word of the kernel.
 *
 * @param user the name of the user
 * @param group the name of the user's group
 * @param uid the number; empty where no user database has the name
 */
public record UnixPeer(String user, String group, OptionalLong uid) {}
