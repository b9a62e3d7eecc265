package credentials

import (
	"bytes"
	"encoding/pem"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"go.uber.org/goleak"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// poison stands in every variable from which credentials-go fills what it isn't
// given. The tests hand their own environment to New, so it must never be seen.
const poison = "poison"

// TestMain sets what is one for the process: the environment, the trusted
// certificates, and the way to the metadata service, whose address credentials-go
// has fixed.
func TestMain(m *testing.M) {
	for _, name := range []string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN",
		"ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
		"ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_STS_REGION",
		"ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_URI",
	} {
		must(os.Setenv(name, poison))
	}

	// Every TLS server of httptest has the same certificate.
	tlsServer := httptest.NewTLSServer(nil)
	folder, err := os.MkdirTemp("", "credentials")
	must(err)
	certificate := filepath.Join(folder, "certificate.pem")
	must(os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tlsServer.Certificate().Raw}), 0o600))
	must(os.Setenv("SSL_CERT_FILE", certificate))
	tlsServer.Close()

	instance := httptest.NewServer(http.HandlerFunc(serveMetadata))
	instanceURL, err := url.Parse(instance.URL)
	must(err)
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		log.Fatal("the default transport is none of net/http's")
	}
	transport.Proxy = func(request *http.Request) (*url.URL, error) {
		if request.URL.Host == "100.100.100.200" {
			return instanceURL, nil
		}
		return nil, nil
	}

	login := httptest.NewServer(http.HandlerFunc(serveOAuth))
	oauthSites["TEST"] = oauthSite{url: login.URL, clientID: "test"}

	code := m.Run()
	instance.Close()
	login.Close()
	_ = os.RemoveAll(folder)
	if err := goleak.Find(); err != nil && code == 0 {
		log.Fatal(err)
	}
	os.Exit(code)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// environment gives a LookupEnv of these variables only.
func environment(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := variables[name]
		return value, set
	}
}

// keysOf gives the credentials of a new source.
func keysOf(t *testing.T, cfg Config) *sdkcredentials.Credentials {
	t.Helper()
	source := newSource(t, cfg)
	keys, err := source.GetCredentials(t.Context())
	if err != nil {
		t.Fatalf("GetCredentials: %v", err)
	}
	return keys
}

func newSource(t *testing.T, cfg Config) *Source {
	t.Helper()
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = environment(nil)
	}
	source, err := New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return source
}

// failureOf gives the error of New or of GetCredentials.
func failureOf(t *testing.T, cfg Config) error {
	t.Helper()
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = environment(nil)
	}
	source, err := New(cfg)
	if err == nil {
		_, err = source.GetCredentials(t.Context())
	}
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

// configError gives New's error.
func configError(t *testing.T, cfg Config) *ConfigError {
	t.Helper()
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = environment(nil)
	}
	_, err := New(cfg)
	var mistake *ConfigError
	if !errors.As(err, &mistake) {
		t.Fatalf("New gave %v, not a ConfigError", err)
	}
	return mistake
}

// wantText checks that a text has all parts, and nothing of the environment.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
	if strings.Contains(text, poison) {
		t.Errorf("the environment is seen in:\n%s", text)
	}
}

func endpoint(url string) rpc.Endpoint {
	parsed, err := rpc.ParseEndpoint(url)
	must(err)
	return parsed
}

// logged gives a logger and the lines that it was given.
func logged() (*slog.Logger, func() []string) {
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	return logger, func() []string { return strings.Split(strings.TrimSpace(text.String()), "\n") }
}

var quietLogger = slog.New(slog.DiscardHandler)

func write(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func inAnHour() string { return time.Now().UTC().Add(time.Hour).Format(time.RFC3339) }
