package dev.evertoken.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;

/** Bytes outside the heap, which a socket can take without a copy for each time they are sent. */
final class DirectBytes {

  private DirectBytes() {}

  /**
   * A copy that must not be written to, for any thread. Its memory goes with the buffer, by the
   * garbage collector: make one only of what is sent more than once.
   */
  static Buffer of(Buffer bytes) {
    try {
      ByteBuffer memory = ByteBuffer.allocateDirect(bytes.length());
      memory.put(bytes.getBytes()).flip();
      return BufferInternal.buffer(Unpooled.wrappedBuffer(memory));
    } catch (OutOfMemoryError full) {
      // Of direct memory: what there is serves as well.
      return bytes;
    }
  }
}
