package heddle.remote;

/** As whom this server itself logs in at another. */
public record ServiceLogin(String user, SecretSource password) {}
