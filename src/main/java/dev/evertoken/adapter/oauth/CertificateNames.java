package dev.evertoken.adapter.oauth;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Whether a certificate is for a host whose name has an underscore (RFC 9525, section 6.3). The JDK
 * refuses to compare such a name, and leaves it out of SNI; for every other name it checks itself.
 */
final class CertificateNames {

  private static final Integer DNS_NAME = 2;

  private CertificateNames() {}

  static boolean mustBeCheckedByUs(String host) {
    return host.contains("_");
  }

  /** Fails where a trusted certificate is for another host. */
  static void check(SSLSession session, String host)
      throws CertificateException, SSLPeerUnverifiedException {
    if (!mustBeCheckedByUs(host)) {
      return;
    }
    Certificate[] chain = session.getPeerCertificates();
    if (!(chain[0] instanceof X509Certificate certificate) || !names(certificate, host)) {
      throw new CertificateException("for another host");
    }
  }

  private static boolean names(X509Certificate certificate, String host)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .filter(name -> DNS_NAME.equals(name.get(0)))
            .anyMatch(name -> matches(String.valueOf(name.get(1)), host));
  }

  /** A star stands for the whole first label. */
  static boolean matches(String name, String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    String given = name.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    return given.equals(wanted)
        || (dot > 0 && given.startsWith("*.") && given.substring(1).equals(wanted.substring(dot)));
  }
}
