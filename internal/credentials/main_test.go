package credentials

import (
	"bytes"
	"encoding/pem"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// TestMain sets what is one for the process: the trusted certificates and an OAuth
// site.
func TestMain(m *testing.M) {
	// Every TLS server of httptest has the same certificate.
	tlsServer := httptest.NewTLSServer(nil)
	folder, err := os.MkdirTemp("", "credentials")
	must(err)
	certificate := filepath.Join(folder, "certificate.pem")
	must(os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tlsServer.Certificate().Raw}), 0o600))
	must(os.Setenv("SSL_CERT_FILE", certificate))
	tlsServer.Close()

	login := httptest.NewServer(http.HandlerFunc(serveOAuth))
	oauthSites["TEST"] = oauthSite{url: login.URL, clientID: "test"}

	code := m.Run()
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

// arn is the ARN of a role of that name.
func arn(name string) string { return "acs:ram::1:role/" + name }

// environment gives a LookupEnv of these variables only.
func environment(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := variables[name]
		return value, set
	}
}

// hermetic completes a configuration, so that nothing outside of the test matters.
func hermetic(cfg Config) Config {
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = environment(nil)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.MetadataEndpoint == (rpc.Endpoint{}) {
		cfg.MetadataEndpoint = endpoint("http://127.0.0.1:1")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

func newSource(t *testing.T, cfg Config) *Source {
	t.Helper()
	source, err := New(t.Context(), hermetic(cfg))
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return source
}

func mustGet(t *testing.T, source *Source) rpc.Credentials {
	t.Helper()
	keys, err := source.Retrieve(t.Context())
	if err != nil {
		t.Fatalf("Retrieve: %v", err)
	}
	return keys
}

// keysOf gives the credentials of a new source.
func keysOf(t *testing.T, cfg Config) rpc.Credentials {
	t.Helper()
	return mustGet(t, newSource(t, cfg))
}

// failureOf gives the error of New or of Retrieve.
func failureOf(t *testing.T, cfg Config) error {
	t.Helper()
	source, err := New(t.Context(), hermetic(cfg))
	if err == nil {
		_, err = source.Retrieve(t.Context())
	}
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

// errorOf gives the error of Retrieve, which must be an [rpc.Error].
func errorOf(t *testing.T, cfg Config) *rpc.Error {
	t.Helper()
	var failure *rpc.Error
	if err := failureOf(t, cfg); !errors.As(err, &failure) {
		t.Fatalf("%v is not an rpc.Error", err)
	}
	return failure
}

// configError gives New's error.
func configError(t *testing.T, cfg Config) *ConfigError {
	t.Helper()
	_, err := New(t.Context(), hermetic(cfg))
	var mistake *ConfigError
	if !errors.As(err, &mistake) {
		t.Fatalf("New gave %v, not a ConfigError", err)
	}
	return mistake
}

// wantText checks that a text has all parts.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

func wantNone(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q is shown in:\n%s", part, text)
		}
	}
}

func endpoint(url string) rpc.Endpoint {
	parsed, err := rpc.ParseEndpoint(url)
	must(err)
	return parsed
}

// clock is a clock that the test sets.
type clock struct {
	mu   sync.Mutex
	time time.Time
}

func newClock() *clock { return &clock{time: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(d)
}

// logged gives a logger and the text that it was given.
func logged() (*slog.Logger, func() string) {
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug - 8, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	return logger, text.String
}

func write(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func inAnHour() string { return time.Now().UTC().Add(time.Hour).Format(time.RFC3339) }
