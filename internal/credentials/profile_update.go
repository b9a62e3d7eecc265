package credentials

import (
	"bytes"
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
	owner, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	path += ".lock"
	if status, err := os.Stat(path); err == nil && !status.Mode().IsRegular() { // To open a pipe would wait.
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|openNonblocking))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return nil, err
	}
	_ = copyOwner(path, owner)               // Under sudo: otherwise only root could lock it from now on.
	return func() { _ = lock.Unlock() }, nil // The end of the process unlocks it at the latest.
}

// updateProfile sets fields of one profile and keeps everything else of the file. It
// reads the file again, since the CLI takes no lock.
func updateProfile(ctx context.Context, path, name string, fields map[string]any) error {
	path, err := filepath.EvalSymlinks(path) // Or the rename would replace the link.
	if err != nil {
		return err
	}
	content, err := readRegular(ctx, path)
	if err != nil {
		return err
	}
	var (
		config   map[string]json.RawMessage
		profiles []map[string]any
	)
	content = bytes.TrimPrefix(content, []byte(byteOrderMark))
	if err := json.Unmarshal(content, &config); err != nil {
		return fmt.Errorf("%s is no longer valid JSON", path)
	}
	decoder := json.NewDecoder(bytes.NewReader(config["profiles"]))
	decoder.UseNumber() // Numbers come back as they were written.
	if err := decoder.Decode(&profiles); err != nil {
		return fmt.Errorf("%s no longer has profiles", path)
	}
	i := slices.IndexFunc(profiles, func(profile map[string]any) bool {
		text, _ := profile["name"].(string)
		return strings.TrimSpace(text) == name
	})
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
