package credentials

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

const (
	commandTimeout = time.Minute // As in the vendor's library.
	maxOutput      = 1 << 20
)

// run gives what a command prints. It and its children end with the context. Errors quote
// neither the command nor its output.
func run(ctx context.Context, args []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	output := &boundedBuffer{full: cancel}
	command := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // The user's own command, from the user's own file.
	command.Stdout = output
	ownGroup(command)
	command.Cancel = func() error {
		endGroup(command)
		return command.Process.Kill()
	}
	command.WaitDelay = time.Second // For children that keep the output open.
	err := command.Run()
	endGroup(command)
	ended, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case output.overflowed:
		return nil, fmt.Errorf("its output is larger than %d KiB", maxOutput>>10)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, errors.New("it took longer than " + commandTimeout.String())
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // It succeeded; a child of it kept its output open.
		return output.content.Bytes(), nil
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("there is no such command")
	case failed:
		return nil, errors.New(ended.String())
	}
	return nil, errors.New("it can't be started") // The error names the command.
}

// boundedBuffer takes so much output, and then cancels the command.
type boundedBuffer struct {
	content    bytes.Buffer // Not embedded: its ReadFrom has no bound.
	full       func()
	overflowed bool
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.content.Len()+len(p) > maxOutput {
		b.overflowed = true
		b.full()
		return 0, errors.New("too much output")
	}
	return b.content.Write(p)
}

// splitCommand splits a process_command into its arguments. On Windows the rules are
// Windows' own: double quotes hold together, and a backslash is a part of a path, but
// escapes a double quote. On other systems they are a shell's: quotes of both kinds hold
// together, and a backslash escapes. Nothing is expanded.
func splitCommand(command string) ([]string, error) {
	args, err := splitWords(command)
	if err == nil && (len(args) == 0 || args[0] == "") {
		err = errors.New("it names no command")
	}
	return args, err
}
