package dev.evertoken.boot.operator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe: the authorities of the system, and those of a file. */
final class Trust {

  private Trust() {}

  static SSLContext besides(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      List<Certificate> trusted = new ArrayList<>(system());
      trusted.addAll(CertificateFactory.getInstance("X.509").generateCertificates(pem));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(store(trusted)), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new Refusal(Exit.USAGE, file + ": no PEM certificates can be read from it");
    }
  }

  private static List<X509Certificate> system() throws GeneralSecurityException {
    List<X509Certificate> issuers = new ArrayList<>();
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        issuers.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return issuers;
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore store(List<Certificate> trusted)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca-" + i, trusted.get(i));
    }
    return store;
  }
}
