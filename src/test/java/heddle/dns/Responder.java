package heddle.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server that says what a test told it, over UDP and TCP; names it was not told: NXDOMAIN.
 */
public final class Responder implements AutoCloseable {
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Map<String, List<Record>> zone = new ConcurrentHashMap<>();
  private final Map<String, Integer> codes = new ConcurrentHashMap<>();
  final AtomicInteger overUdp = new AtomicInteger();
  final AtomicInteger overTcp = new AtomicInteger();
  volatile boolean truncating;

  public Responder() throws IOException {
    tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::hearUdp);
    Thread.ofVirtual().start(this::hearTcp);
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
  }

  /** Master-file lines, names absolute. */
  public Responder zone(String lines) throws IOException {
    try (var master = new Master(new java.io.ByteArrayInputStream(lines.getBytes()))) {
      for (Record each = master.nextRecord(); each != null; each = master.nextRecord()) {
        zone.merge(
            each.getName().toString().toLowerCase(Locale.ROOT),
            List.of(each),
            (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
      }
    }
    return this;
  }

  Responder code(String name, int rcode) {
    codes.put(name, rcode);
    return this;
  }

  private byte[] reply(byte[] asked, boolean overTcpNow) throws IOException {
    Message query = new Message(asked);
    Record question = query.getQuestion();
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question, Section.QUESTION);
    String name = question.getName().toString().toLowerCase(Locale.ROOT);
    List<Record> known = zone.getOrDefault(name, List.of());
    if (codes.containsKey(name)) {
      answer.getHeader().setRcode(codes.get(name));
    } else if (known.isEmpty()) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    } else if (truncating && !overTcpNow) {
      answer.getHeader().setFlag(Flags.TC);
    } else {
      for (Record each : known) {
        if (each.getType() == question.getType() || each.getType() == Type.CNAME) {
          answer.addRecord(each, Section.ANSWER);
        }
      }
    }
    if (question.getDClass() != DClass.IN) {
      answer.getHeader().setRcode(Rcode.REFUSED);
    }
    return answer.toWire();
  }

  private void hearUdp() {
    var buffer = new byte[4096];
    while (!udp.isClosed()) {
      try {
        var packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        overUdp.incrementAndGet();
        byte[] answer = reply(Arrays.copyOf(buffer, packet.getLength()), false);
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException closedOrOdd) {
        // the next one
      }
    }
  }

  private void hearTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        Thread.ofVirtual().start(() -> serveTcp(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serveTcp(Socket socket) {
    try (socket) {
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] asked = in.readNBytes(in.readUnsignedShort());
        overTcp.incrementAndGet();
        byte[] answer = reply(asked, true);
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      }
    } catch (IOException over) {
      // the client has gone
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
