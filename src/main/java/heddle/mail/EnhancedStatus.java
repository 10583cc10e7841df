package heddle.mail;

/** An enhanced status code (RFC 3463): class 2, 4 or 5; subject and detail 0 to 999. */
public record EnhancedStatus(int kind, int subject, int detail) {
  public EnhancedStatus {
    if (kind != 2 && kind != 4 && kind != 5) {
      throw new IllegalArgumentException("the class of an enhanced status is 2, 4 or 5: " + kind);
    }
    if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
      throw new IllegalArgumentException("subject and detail are 0 to 999");
    }
  }

  @Override
  public String toString() {
    return kind + "." + subject + "." + detail;
  }
}
