//go:build unix

package credentials

import (
	"io/fs"
	"os"
	"syscall"
)

// openNonblocking opens a pipe without waiting for its other end.
const openNonblocking = syscall.O_NONBLOCK

// copyOwner gives a file the owner of another: under sudo, they differ.
func copyOwner(path string, other fs.FileInfo) error {
	mine, err := os.Stat(path)
	if err != nil {
		return err
	}
	have, ok := mine.Sys().(*syscall.Stat_t)
	want, alsoOK := other.Sys().(*syscall.Stat_t)
	if !ok || !alsoOK || have.Uid == want.Uid && have.Gid == want.Gid {
		return nil
	}
	return os.Chown(path, int(want.Uid), int(want.Gid))
}

// syncFolder makes a rename in a folder outlive a crash.
func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // The folder of the user's own file.
	if err != nil {
		return err
	}
	defer folder.Close() //nolint:errcheck // Nothing was written to it.
	return folder.Sync()
}
