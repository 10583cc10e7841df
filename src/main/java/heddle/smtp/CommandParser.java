package heddle.smtp;

import heddle.mail.Domain;
import heddle.mail.Octets;
import heddle.mail.Path;
import heddle.mail.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns a line into a command, once, at the door. It never throws. Safe to share. */
public final class CommandParser {
  /**
   * The longest line there is, in octets with its CRLF: that of an AUTH exchange (RFC 4954 §4). All
   * other commands end far earlier.
   */
  public static final int MAX_LINE = 12_288;

  /** RFC 5321 §4.5.3.1.4 begins at 512, to which SIZE, BODY, DSN, AUTH and SMTPUTF8 add theirs. */
  private static final int MAX_COMMAND = 2_048 - 2;

  private static final int MAX_HOST = 255;
  // RFC 4422 §3.1: sasl-mech = 1*20mech-char
  private static final Pattern MECHANISM = Pattern.compile("[A-Za-z0-9_-]{1,20}");
  private static final Pattern SPEAKABLE = Pattern.compile("[A-Z]{1,8}");
  private final Domain home;

  /**
   * @param home where {@code RCPT TO:<Postmaster>} goes
   */
  public CommandParser(Domain home) {
    this.home = home;
  }

  /**
   * Reads one line.
   *
   * @param line without its CRLF
   */
  public Command parse(Octets line) {
    String verb = verb(line);
    boolean tooLong = line.size() > MAX_COMMAND && !verb.equals("AUTH");
    Optional<String> text = line.utf8();
    if (tooLong || text.isEmpty()) {
      return new Command.Malformed(
          speakable(verb), tooLong ? Replies.LINE_TOO_LONG : Replies.NOT_UTF8);
    }
    // RFC 5321 §4.1.1: "SMTP receivers SHOULD tolerate trailing white space".
    String argument = stripStart(stripEnd(text.get().substring(verb.length())));
    return hasControl(argument)
        ? new Command.Malformed(speakable(verb), Replies.CONTROL_CHARACTER)
        : command(verb, argument);
  }

  private Command command(String verb, String argument) {
    return switch (verb) {
      case "EHLO" -> host(verb, argument, Command.Ehlo::new);
      case "HELO" -> host(verb, argument, Command.Helo::new);
      case "MAIL" -> mail(argument);
      case "RCPT" -> rcpt(argument);
      case "DATA" -> alone(verb, argument, new Command.Data());
      case "BDAT" -> bdat(argument);
      case "RSET" -> alone(verb, argument, new Command.Rset());
      case "NOOP" -> new Command.Noop(); // RFC 5321 §4.1.1.9: a string may follow
      case "QUIT" -> alone(verb, argument, new Command.Quit());
      case "VRFY" -> about(verb, argument, Command.Vrfy::new);
      case "EXPN" -> about(verb, argument, Command.Expn::new);
      case "HELP" -> new Command.Help();
      case "STARTTLS" ->
          alone(verb, argument, new Command.StartTls()); // RFC 3207 §4: no parameters
      case "AUTH" -> auth(argument);
      case "XCLIENT" -> XclientParser.read(argument);
      default -> new Command.Unknown(speakable(verb));
    };
  }

  /** All up to the first space, ASCII letters in upper case; empty where it is not ASCII. */
  private static String verb(Octets line) {
    var verb = new StringBuilder();
    for (int i = 0; i < line.size() && line.at(i) != ' '; i++) {
      int octet = line.at(i);
      // Only these letters have an upper case here: that of a long s is S, too.
      if (octet >= 0x80) {
        return "";
      }
      if (octet == '\t' && isBlank(line, i)) {
        break;
      }
      verb.append((char) (octet >= 'a' && octet <= 'z' ? octet - 32 : octet));
    }
    return verb.toString();
  }

  private static boolean isBlank(Octets line, int from) {
    for (int i = from; i < line.size(); i++) {
      if (line.at(i) != ' ' && line.at(i) != '\t') {
        return false;
      }
    }
    return true;
  }

  private static String speakable(String verb) {
    return SPEAKABLE.matcher(verb).matches() ? verb : "";
  }

  private static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    return text.substring(0, end);
  }

  private static String stripStart(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private static Command no(String verb, Reply reply) {
    return new Command.Malformed(verb, reply);
  }

  private static Command host(String verb, String argument, Function<String, Command> as) {
    if (argument.isEmpty()) {
      return no(verb, Replies.helloNeedsName(verb));
    }
    // RFC 5321 §4.1.4: "the server MUST NOT refuse to accept a message on that basis"; and devices
    // call themselves the strangest things: NPIF65E56, my_printer, the name of their owner.
    boolean fits = argument.getBytes(StandardCharsets.UTF_8).length <= MAX_HOST;
    return fits ? as.apply(argument) : no(verb, Replies.HELLO_NAME_TOO_LONG);
  }

  private static Command alone(String verb, String argument, Command command) {
    return argument.isEmpty() ? command : no(verb, Replies.noArgument(verb));
  }

  private static Command about(String verb, String argument, Function<String, Command> as) {
    return argument.isEmpty() ? no(verb, Replies.needsArgument(verb)) : as.apply(argument);
  }

  private static Command mail(String argument) {
    Optional<String> text = behind("FROM:", argument);
    if (text.isEmpty()) {
      return no("MAIL", Replies.MAIL_SYNTAX);
    }
    Optional<Address> address = Address.read(text.get(), Optional.empty());
    return address.isEmpty() ? no("MAIL", Replies.SENDER_SYNTAX) : mail(address.get());
  }

  private static Command mail(Address address) {
    return switch (Parameters.read(address.rest(), Parameters.MAIL)) {
      case Understood.No<Map<String, Optional<String>>>(var reply) -> no("MAIL", reply);
      case Understood.Yes<Map<String, Optional<String>>>(var all) -> {
        var parameters = MailParameters.of(all);
        yield needsUtf8(address.path()) && !parameters.utf8()
            ? no("MAIL", Replies.NEEDS_SMTPUTF8) // RFC 6531 §3.5
            : new Command.Mail(address.path(), parameters);
      }
    };
  }

  private Command rcpt(String argument) {
    Optional<String> text = behind("TO:", argument);
    if (text.isEmpty()) {
      return no("RCPT", Replies.RCPT_SYNTAX);
    }
    Optional<Address> address = Address.read(text.get(), Optional.of(home));
    // RFC 5321 §4.1.1.3: a forward-path names somebody; only a reverse-path may be empty.
    if (address.isEmpty() || !(address.get().path() instanceof Path.Somebody to)) {
      return no("RCPT", Replies.RECIPIENT_SYNTAX);
    }
    return switch (Parameters.read(address.get().rest(), Parameters.RCPT)) {
      case Understood.No<Map<String, Optional<String>>>(var reply) -> no("RCPT", reply);
      case Understood.Yes<Map<String, Optional<String>>>(var all) ->
          new Command.Rcpt(to.mailbox(), RcptParameters.of(all));
    };
  }

  private static boolean needsUtf8(Path path) {
    return path instanceof Path.Somebody somebody && !somebody.mailbox().isAscii();
  }

  /** What follows the keyword; spaces before the address are common and harmless. */
  private static Optional<String> behind(String keyword, String argument) {
    if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
      return Optional.empty();
    }
    String rest = stripStart(argument.substring(keyword.length()));
    return rest.startsWith("<") ? Optional.of(rest) : Optional.empty();
  }

  private static Command bdat(String argument) {
    List<String> words = words(argument);
    boolean last = words.size() == 2 && words.get(1).equalsIgnoreCase("LAST");
    if (words.size() == 1 || last) {
      try {
        // RFC 3030 §2: chunk-size = 1*DIGIT, without a sign and without other scripts' digits.
        if (words.get(0).chars().allMatch(c -> c >= '0' && c <= '9')) {
          return new Command.Bdat(Long.parseLong(words.get(0)), last);
        }
      } catch (NumberFormatException tooLarge) {
        // As many octets follow as nobody can read over; they must not pass for commands.
        return new Command.Bdat(Long.MAX_VALUE, last);
      }
    }
    return no("BDAT", Replies.BDAT_SYNTAX);
  }

  private static Command auth(String argument) {
    // Outlook sends two spaces behind PLAIN.
    List<String> words = words(argument);
    if (words.isEmpty() || words.size() > 2) {
      return no("AUTH", Replies.AUTH_SYNTAX);
    }
    return MECHANISM.matcher(words.get(0)).matches()
        ? new Command.Auth(
            words.get(0).toUpperCase(Locale.ROOT),
            words.size() == 2 ? Optional.of(words.get(1)) : Optional.empty())
        : no("AUTH", Replies.MECHANISM_UNKNOWN);
  }

  private static List<String> words(String text) {
    var words = new ArrayList<>(List.of(text.split(" +")));
    words.removeIf(String::isEmpty);
    return words;
  }
}
