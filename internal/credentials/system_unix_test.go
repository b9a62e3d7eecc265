//go:build unix

package credentials

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A file of the CLI that is none is an error at once: nothing waits for a pipe's other
// end, and no device fills the memory.
func TestIrregularFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pipe, link := filepath.Join(folder, "pipe"), filepath.Join(folder, "link")
	must(syscall.Mkfifo(pipe, 0o600))
	must(os.Symlink(pipe, link))
	large := write(t, filepath.Join(folder, "large"), strings.Repeat(" ", maxFileSize)+"{}")
	for file, part := range map[string]string{
		pipe: "not a regular file", link: "not a regular file", "/dev/zero": "not a regular file", large: "larger than 1024 KiB",
	} {
		for name, cfg := range map[string]Config{
			"file":       {SharedCredentialsFile: file},
			"profile":    {Profile: "p", SharedCredentialsFile: file},
			"token file": {AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", TokenFile: file}},
		} {
			text := failureOf(t, cfg).Error()
			if !strings.Contains(text, part) || !strings.Contains(text, file) {
				t.Errorf("%s, %s: %s", file, name, text)
			}
		}
	}
}

// Who asks isn't held up by a file system that hangs.
func TestFileIsReadWithinTheContext(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(ended, hermetic(Config{Profile: "p", SharedCredentialsFile: cliFile(t, akProfile())})); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A pipe in the place of the lock, or a lock that nobody may make, holds up nothing.
func TestOAuthWithoutALock(t *testing.T) {
	t.Parallel()
	cfg := oauthConfig(t, "unlocked")
	logger, printed := logged()
	cfg.Logger = logger
	must(syscall.Mkfifo(cfg.SharedCredentialsFile+".lock", 0o600))
	keysOf(t, cfg)
	wantText(t, printed(), "level=WARN", "could not be locked", "not a regular file")
	content, err := os.ReadFile(cfg.SharedCredentialsFile)
	must(err)
	wantText(t, string(content), "unlocked-2")
}

// Under sudo, the file stays its owner's.
func TestOAuthKeepsTheOwner(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can give a file to somebody else")
	}
	cfg := oauthConfig(t, "owned")
	must(os.Chown(cfg.SharedCredentialsFile, 1234, 2345))
	keysOf(t, cfg)
	for file, mode := range map[string]os.FileMode{cfg.SharedCredentialsFile: 0o600, cfg.SharedCredentialsFile + ".lock": 0o600} {
		status, err := os.Stat(file)
		must(err)
		owner, ok := status.Sys().(*syscall.Stat_t)
		if !ok || owner.Uid != 1234 || owner.Gid != 2345 || status.Mode().Perm() != mode {
			t.Errorf("%s is now %v, %+v", file, status.Mode(), owner)
		}
	}
}

// A refresh token can be used once: who leaves while it is traded doesn't lose the login.
func TestOAuthIsSavedWhoeverLeaves(t *testing.T) {
	t.Parallel()
	cfg := oauthConfig(t, "left")
	ctx, cancel := context.WithCancel(t.Context())
	setOAuthFault(t, "left", func(_ http.ResponseWriter, path string) bool {
		if path == "/v1/token" {
			cancel() // The token is used up, and the answer is on its way.
		}
		return false
	})
	source := newSource(t, cfg)
	if _, err := source.Retrieve(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	mustGet(t, source) // It waits for the first fetch's end.
	mustGet(t, newSource(t, cfg))
}
