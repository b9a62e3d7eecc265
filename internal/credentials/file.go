package credentials

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// maxFileSize bounds the files that are read: far above any configuration or token.
const maxFileSize = 1 << 20

// readRegular reads a regular file of at most [maxFileSize]. On a file system that hangs
// it returns when the context ends, even if the system call doesn't.
func readRegular(ctx context.Context, path string) ([]byte, error) {
	var content []byte
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		content, err = readRegularFile(path)
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-done:
		return content, err
	}
}

func readRegularFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|openNonblocking, 0) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // It was only read.
	status, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !status.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	content, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err == nil && len(content) > maxFileSize {
		err = fmt.Errorf("%s is larger than %d KiB", path, maxFileSize>>10)
	}
	return bytes.TrimPrefix(content, []byte("\xEF\xBB\xBF")), err // Some editors begin a file by this byte order mark.
}

// replaceFile writes a file anew under the same name, mode and owner, at once: whoever
// reads it, even after a crash, finds the old content or the new.
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
	_, err = draft.Write(content)
	err = errors.Join(err, draft.Sync(), draft.Close(), copyOwner(draft.Name(), status), os.Chmod(draft.Name(), status.Mode().Perm()))
	if err != nil {
		return err
	}
	err = os.Rename(draft.Name(), path)
	if folder, openErr := os.Open(filepath.Dir(path)); openErr == nil { // So that the rename outlives a crash; Windows has no way to.
		_, _ = folder.Sync(), folder.Close()
	}
	return err
}

// lockFile locks a file against other processes of this provider. The lock is a file
// beside it, since writing replaces the file itself. Without a lock, unlock does nothing.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	unlock = func() {}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return unlock, err
	}
	owner, err := os.Stat(path)
	if err != nil {
		return unlock, err
	}
	path += ".lock"
	if status, err := os.Stat(path); err == nil && !status.Mode().IsRegular() { // To open a pipe would wait.
		return unlock, fmt.Errorf("%s is not a regular file", path)
	}
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|openNonblocking))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return unlock, err
	}
	_ = copyOwner(path, owner)               // Under sudo: otherwise only root could lock it from now on.
	return func() { _ = lock.Unlock() }, nil // The end of the process unlocks it at the latest.
}
