package credentials

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	return content, err
}

// replaceFile writes a file anew under the same name, mode and owner, at once: whoever
// reads it, even after a crash, finds the old content or the new.
func replaceFile(path string, content []byte) error {
	status, err := os.Stat(path)
	if err != nil {
		return err
	}
	folder := filepath.Dir(path)
	draft, err := os.CreateTemp(folder, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // After the rename there is nothing to remove.
	if _, err = draft.Write(content); err == nil {
		err = draft.Sync()
	}
	if closeErr := draft.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = copyOwner(draft.Name(), status)
	}
	if err == nil {
		err = os.Chmod(draft.Name(), status.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		return err
	}
	return syncFolder(folder)
}
