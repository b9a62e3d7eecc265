//go:build unix

package credentials

import (
	"io/fs"
	"os"
	"os/exec"
	"syscall"

	"github.com/kballard/go-shellquote"
)

// splitWords is for splitCommand.
var splitWords = shellquote.Split

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

// ownGroup puts a command into a process group of its own, so that its children can be
// ended with it.
func ownGroup(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// endGroup ends what is left of a command's process group.
func endGroup(command *exec.Cmd) {
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // It fails where nothing is left.
	}
}
