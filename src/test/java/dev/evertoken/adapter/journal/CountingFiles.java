package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Real files whose syncs are counted, and can be held up or made to fail. */
final class CountingFiles implements SegmentFiles {

  final AtomicInteger forces = new AtomicInteger();
  final CountDownLatch firstForce = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  volatile boolean hold;
  volatile @Nullable IOException appendFailure;
  volatile @Nullable IOException forceFailure;

  @Override
  public SegmentFile create(Path file) throws IOException {
    fail(appendFailure);
    return new Counted(Disk.create(file));
  }

  private static void fail(@Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private final class Counted implements SegmentFile {

    private final SegmentFile file;

    Counted(SegmentFile file) {
      this.file = file;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      if (appendFailure != null) {
        // As on a full disk: some of it is written.
        file.append(bytes.limit(bytes.remaining() / 2));
      }
      fail(appendFailure);
      file.append(bytes);
    }

    @Override
    public void force() throws IOException {
      forces.incrementAndGet();
      firstForce.countDown();
      if (hold) {
        await();
      }
      fail(forceFailure);
      file.force();
    }

    private void await() throws IOException {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
