package credentials

import (
	"io/fs"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// splitWords is for splitCommand.
var splitWords = windows.DecomposeCommandLine

// openNonblocking is nothing here: named pipes aren't files.
const openNonblocking = 0

// copyOwner does nothing: a new file gets its folder's rights.
func copyOwner(string, fs.FileInfo) error { return nil }

// ownGroup keeps Ctrl-C in Terraform's console from a command: endGroup ends it.
func ownGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// endGroup ends a command and its children.
func endGroup(command *exec.Cmd) {
	if command.Process != nil {
		_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(command.Process.Pid)).Run() //nolint:gosec,noctx // It fails where nothing is left.
	}
}
