package dev.evertoken.rig;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for 127.0.0.1, localhost, provider.test and *.cluster.test, made for
 * this test JVM.
 *
 * @param store a PKCS#12 file with key and certificate, good as key store and as trust store
 */
public record TestCertificate(Path store) {
  public static final String PASSWORD = "changeit";

  private static final class Shared {
    static final TestCertificate CERTIFICATE = made();
  }

  /** The one of this JVM. */
  public static TestCertificate shared() {
    return Shared.CERTIFICATE;
  }

  /** One more, which the shared one does not vouch for. */
  public static TestCertificate another() {
    return made();
  }

  private static TestCertificate made() {
    Path store = Scratch.folder("certificate").resolve("localhost.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var command =
        new ProcessBuilder(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            "localhost",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1,dns:localhost,dns:provider.test,dns:*.cluster.test",
            "-ext",
            "bc=ca:true",
            "-validity",
            "3650",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    try {
      Process process = command.redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
      return new TestCertificate(store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** For a Vert.x server. */
  public KeyCertOptions keyCertOptions() {
    return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
  }

  /** For a Vert.x client that is to trust it. */
  public PfxOptions trustOptions() {
    return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
  }

  /** Options of a JVM that is to trust it, and nothing else, by default. */
  public List<String> trustedBy() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  /** Has a server's key and trusts itself. */
  public SSLContext context() {
    try (InputStream in = Files.newInputStream(store)) {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, PASSWORD.toCharArray());
      var trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(keys);
      var context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same as PEM files; the certificate is its own CA. */
  public Pem pem() {
    try (InputStream in = Files.newInputStream(store)) {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return new Pem(
          pem("CERTIFICATE", keys.getCertificate("localhost").getEncoded()),
          pem("PRIVATE KEY", keys.getKey("localhost", PASSWORD.toCharArray()).getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path pem(String label, byte[] content) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(content);
    return Files.writeString(
        store.resolveSibling(label.replace(' ', '-') + ".pem"),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, body, label));
  }

  /** Two PEM files. */
  public record Pem(Path certificate, Path key) {

    /** For a Vert.x server or client that is to prove itself with it. */
    public PemKeyCertOptions asOptions() {
      return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
    }
  }
}
