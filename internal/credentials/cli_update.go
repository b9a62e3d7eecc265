package credentials

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lockFile locks a file against other processes of this provider. The lock is a file
// beside it, since writing replaces the file itself.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, err
	}
	lock := flock.New(path + ".lock")
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil // The end of the process unlocks it at the latest.
}

// updateProfile sets fields of one profile and keeps everything else of the file.
func updateProfile(path, name string, fields map[string]any) error {
	path, err := filepath.EvalSymlinks(path) // Or the rename would replace the link.
	if err != nil {
		return err
	}
	content, err := os.ReadFile(path) // Again, since the CLI takes no lock.
	if err != nil {
		return err
	}
	var (
		config   map[string]json.RawMessage
		profiles []map[string]any
	)
	if err := json.Unmarshal(content, &config); err != nil {
		return fmt.Errorf("%s is no longer valid JSON", path)
	}
	decoder := json.NewDecoder(strings.NewReader(string(config["profiles"])))
	decoder.UseNumber() // Numbers come back as they were written.
	if err := decoder.Decode(&profiles); err != nil {
		return fmt.Errorf("%s no longer has profiles", path)
	}
	i := slices.IndexFunc(profiles, func(profile map[string]any) bool { return profile["name"] == name })
	if i < 0 {
		return fmt.Errorf("%s no longer has the profile %q", path, name)
	}
	maps.Copy(profiles[i], fields)
	if config["profiles"], err = json.Marshal(profiles); err != nil {
		return err
	}
	if content, err = json.MarshalIndent(config, "", "\t"); err != nil {
		return err
	}
	return replaceFile(path, content)
}

// replaceFile writes the file anew under the same name and mode, at once.
func replaceFile(path string, content []byte) error {
	status, err := os.Stat(path)
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // After the rename there is nothing to remove.
	if _, err := draft.Write(content); err != nil {
		_ = draft.Close()
		return err
	}
	if err := draft.Close(); err != nil {
		return err
	}
	if err := os.Chmod(draft.Name(), status.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}
