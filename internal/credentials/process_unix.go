//go:build unix

package credentials

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a command into a process group of its own, so that its children can be
// ended with it.
func ownGroup(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// endGroup ends what is left of a command's process group.
func endGroup(command *exec.Cmd) {
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // It fails where nothing is left.
	}
}
