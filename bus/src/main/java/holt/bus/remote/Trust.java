package holt.bus.remote;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom we believe to be the bus: servers with a certificate that an authority vouches for and that has the name we
 * connect to. The client library checks the first only, so the second is asked for here.
 */
final class Trust {
    private Trust() {}

    /**
     * What connections are secured with.
     *
     * @param authority PEM file; null for the JVM's own authorities
     * @throws ProblemException {@code parameter-invalid} where the file cannot be used
     */
    static SSLContext context(@Nullable Path authority) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authority == null ? null : store(authority));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager trusting) {
                    SSLContext context = SSLContext.getInstance("TLS");
                    context.init(null, new TrustManager[] {new NamesChecked(trusting)}, null);
                    return context;
                }
            }
            throw new IllegalStateException("Expected a JVM that can check certificates");
        } catch (GeneralSecurityException | IOException fault) {
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.PARAMETER_INVALID,
                                    "The authorities for the bus cannot be used: " + fault + ".")
                            .expected("a PEM file with certificates", String.valueOf(authority))
                            .remedy("Mend the file that bus.ca names."),
                    fault);
        }
    }

    private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new CertificateException("there is no certificate in it");
            }
            for (Certificate each : all) {
                store.setCertificateEntry("ca" + store.size(), each);
            }
        }
        return store;
    }

    /** Has the other side's name compared with its certificate, as browsers do. */
    private static final class NamesChecked extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager inner;

        NamesChecked(X509ExtendedTrustManager inner) {
            this.inner = inner;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            if (!(socket instanceof SSLSocket secured)) {
                throw new CertificateException("Expected a TLS socket, whose host is known");
            }
            secured.setSSLParameters(naming(secured.getSSLParameters()));
            inner.checkServerTrusted(chain, kind, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            engine.setSSLParameters(naming(engine.getSSLParameters()));
            inner.checkServerTrusted(chain, kind, engine);
        }

        private static SSLParameters naming(SSLParameters parameters) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            return parameters;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("Expected a connection, whose host is known");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            inner.checkClientTrusted(chain, kind, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            inner.checkClientTrusted(chain, kind, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            inner.checkClientTrusted(chain, kind);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return inner.getAcceptedIssuers();
        }
    }
}
