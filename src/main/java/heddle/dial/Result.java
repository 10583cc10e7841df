package heddle.dial;

import heddle.mail.Recipient;

/** A recipient and what became of the message for them. */
public record Result(Recipient recipient, Outcome outcome) {}
