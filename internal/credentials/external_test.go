package credentials

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
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
				if _, err := source.Retrieve(t.Context()); err != nil {
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

// No failure shows the command, nor what it printed.
func TestExternalFailures(t *testing.T) {
	t.Parallel()
	const secret = "printed-secret"
	for script, part := range map[string]string{
		"echo " + secret:                                                     "not the JSON",
		"echo " + secret + " >&2; exit 3":                                    "exit status 3",
		"head -c 1100000 /dev/zero":                                          "larger than 1024 KiB",
		`echo '{"access_key_id":"` + secret + `"}'`:                          "no profile that can be used",
		`echo '{"mode":"` + secret + `"}'`:                                   "no profile that can be used",
		`echo '{"mode":"External","process_command":"echo ` + secret + `"}'`: "no profile that can be used",
		`echo '{"mode":"StsToken","access_key_id":"k","access_key_secret":"` + secret + `"}'`: "no profile that can be used",
	} {
		err := failureOf(t, externalConfig(t, script))
		wantText(t, err.Error(), part, `the command of the profile "external" failed`, "Run it in a shell")
		wantNone(t, err.Error(), secret, "keys of mine")
	}
	cfg := Config{SharedCredentialsFile: cliFile(t, profile{"name": "p", "mode": "External", "process_command": "ACCESS_KEY_SECRET=" + secret + " get-keys"})}
	wantNone(t, failureOf(t, cfg).Error(), secret)
	wantNone(t, newSource(t, cfg).String(), secret)
}

// What a command prints is a profile, whose role is assumed as the CLI does.
func TestExternalModes(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sts.secrets["k"] = "s"
	for name, test := range map[string]struct{ printed, key, token string }{
		"no mode":    {`"access_key_id": "k", "access_key_secret": "s"`, "k", ""},
		"AK":         {`"mode": "AK", "access_key_id": "k", "access_key_secret": "s"`, "k", ""},
		"token":      {`"mode": "StsToken", "access_key_id": "k\\n", "access_key_secret": "s", "sts_token": "t"`, "k", "t"},
		"RamRoleArn": {`"mode": "RamRoleArn", "access_key_id": "k", "access_key_secret": "s", "ram_role_arn": "acs:ram::1:role/printed"`, "session-printed-1", "token-of-session-printed-1"},
	} {
		cfg := externalConfig(t, "echo '{"+test.printed+"}'")
		cfg.STSEndpoint = endpoint(sts.URL)
		if keys := keysOf(t, cfg); keys.AccessKeyID != test.key || keys.SecurityToken != test.token {
			t.Errorf("%s: the keys are %q", name, keys)
		}
	}
}

// A child that outlives the command, with its output open, doesn't spoil what the
// command printed, and ends with it.
func TestCommandLeavesAChild(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	keys := keysOf(t, externalConfig(t, `sleep 60 & echo $! >'`+pid+`'; echo '{"access_key_id":"k","access_key_secret":"s"}'`))
	if keys.AccessKeyID != "k" {
		t.Errorf("the key is %q", keys.AccessKeyID)
	}
	wantEnded(t, pid)
}

// A command that hangs ends with its last waiter, children included.
func TestHangingCommand(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	started, pid := filepath.Join(folder, "started"), filepath.Join(folder, "pid")
	source := newSource(t, externalConfig(t, fmt.Sprintf("sleep 60 & echo $! >'%s'; mkfifo '%[2]s'; echo >'%[2]s'; wait", pid, started)))
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
	if _, err := source.Retrieve(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	wantEnded(t, pid)
}

// wantEnded waits for the end of the process whose id is in the file.
func wantEnded(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	must(err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	must(err)
	process, err := os.FindProcess(pid)
	must(err)
	for process.Signal(syscall.Signal(0)) == nil {
		// A process that has ended, and that nobody has waited for, still has its number.
		if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && strings.Contains(string(state), ") Z ") {
			return
		}
		runtime.Gosched()
	}
}
