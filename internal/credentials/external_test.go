package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// externalConfig is a profile whose command is a script.
func externalConfig(t *testing.T, script string) Config {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no sh")
	}
	file := write(t, filepath.Join(t.TempDir(), "keys of mine.sh"), script)
	return Config{
		Profile:               "external",
		SharedCredentialsFile: cliFile(t, profile{"name": "external", "mode": "External", "process_command": `sh "` + file + `"`}),
	}
}

// Keys are kept as long as they say, or a while where they don't say.
func TestExternalIsKept(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		expiration string
		runs       int
	}{
		"no expiration": {"", 1},
		"no time":       {"tomorrow", 1},
		"in an hour":    {inAnHour(), 1},
		"at once":       {time.Now().UTC().Add(-time.Second).Format(time.RFC3339), 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			count := filepath.Join(t.TempDir(), "count")
			source := newSource(t, externalConfig(t, fmt.Sprintf(
				`echo run >>'%s'; echo '{"mode":"StsToken","access_key_id":"k","access_key_secret":"s","sts_token":"t","expiration":"%s"}'`,
				count, test.expiration)))
			for range 3 {
				if _, err := source.GetCredentials(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			content, err := os.ReadFile(count)
			if err != nil {
				t.Fatal(err)
			}
			if runs := strings.Count(string(content), "run"); runs != test.runs {
				t.Errorf("the command ran %d times, want %d", runs, test.runs)
			}
		})
	}
}

// No failure shows what the command printed, and nothing goes to stdout.
func TestExternalFailures(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = writer
	defer func() { os.Stdout = stdout }()

	const secret = "printed-secret"
	for script, part := range map[string]string{
		"echo " + secret: "not the JSON",
		"echo " + secret + " >&2; echo no such agent >&2; exit 3":                             "exit status 3: no such agent",
		"echo 'access_key_secret=" + secret + "' >&2; exit 3":                                 "exit status 3: access_key_secret=(redacted)",
		"echo 'the agent is locked' >&2; echo " + secret:                                      "not the JSON it should be: the agent is locked",
		`echo '{"access_key_id":"k","x":"` + secret + `"}'`:                                   "access_key_secret",
		`echo '{"mode":"StsToken","access_key_id":"k","access_key_secret":"` + secret + `"}'`: "sts_token",
	} {
		err := failureOf(t, externalConfig(t, script))
		wantText(t, err.Error(), part, `command "sh" of the profile "external"`)
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the output is seen in: %v", err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	printed, err := io.ReadAll(reader)
	if err != nil || len(printed) > 0 {
		t.Errorf("printed: %q, %v", printed, err)
	}
}

// A child that outlives the command, with its output open, doesn't spoil what the
// command printed.
func TestCommandLeavesAChild(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, externalConfig(t, `sleep 3 & echo '{"access_key_id":"k","access_key_secret":"s"}'`))
	if keys.AccessKeyId != "k" {
		t.Errorf("the key is %q", keys.AccessKeyId)
	}
}

// A command that hangs ends with its last waiter, children included.
func TestHangingCommand(t *testing.T) {
	t.Parallel()
	started := filepath.Join(t.TempDir(), "started")
	source := newSource(t, externalConfig(t, fmt.Sprintf("mkfifo '%[1]s'; echo >'%[1]s'; sleep 5", started)))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		// Opening blocks until the command opens the other end; before there is a
		// fifo, it fails.
		for ctx.Err() == nil {
			if _, err := os.ReadFile(started); err == nil {
				cancel()
			}
		}
	}()
	if _, err := source.GetCredentials(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// Another caller waits for the end of the cancelled run, which comes soon.
	source.mu.Lock()
	f := source.flight
	source.mu.Unlock()
	if f != nil {
		<-f.done
	}
}
