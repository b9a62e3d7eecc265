package credentials

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

const (
	commandTimeout = time.Minute // As in the vendor's library.
	maxOutput      = 1 << 20
)

// commandError is what went wrong with a command. It completes "failed:".
type commandError string

func (e commandError) Error() string { return string(e) }

// run gives what a command prints. It and its children end with the context.
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
	var ended *exec.ExitError
	switch {
	case output.overflowed:
		return nil, commandError(fmt.Sprintf("its output is larger than %d KiB", maxOutput>>10))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, commandError("it took longer than " + commandTimeout.String())
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // It succeeded; a child of it kept its output open.
		return output.content.Bytes(), nil
	case errors.Is(err, exec.ErrNotFound):
		return nil, commandError("there is no such command")
	case errors.As(err, &ended):
		return nil, commandError(ended.Error())
	}
	return nil, commandError("it can't be started") // The error names the command.
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

// A command is made of white space, texts in quotes, and other characters.
var (
	unixParts    = regexp.MustCompile(`^(?s:\s+|'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])`)
	windowsParts = regexp.MustCompile(`^(?s:\s+|'[^']*'|"(?:\\"|[^"])*"|[^\s'"])`)

	unixEscape    = regexp.MustCompile("\\\\([\"\\\\$`\n])") // Within double quotes.
	windowsEscape = regexp.MustCompile(`\\(")`)
)

// splitCommand splits a process_command into its arguments by the rules of the vendor's
// library: white space separates, quotes hold together, and a backslash escapes, as in a
// shell. On Windows a backslash is a part of a path and escapes nothing but a double
// quote within double quotes. Errors complete "the command has".
func splitCommand(command string, windows bool) ([]string, error) {
	parts, escape := unixParts, unixEscape
	if windows {
		parts, escape = windowsParts, windowsEscape
	}
	var args []string
	separated := true
	for command != "" {
		part := parts.FindString(command)
		command = command[len(part):]
		text := part
		switch {
		case part == "" && command == `\`:
			return nil, errors.New("a backslash at its end")
		case part == "":
			return nil, errors.New("a quote that is not closed")
		case strings.TrimSpace(part) == "":
			separated = true
			continue
		case part == "\\\n": // A line that goes on in the next.
			continue
		case part[0] == '\'':
			text = part[1 : len(part)-1]
		case part[0] == '"':
			text = escape.ReplaceAllStringFunc(part[1:len(part)-1], func(escaped string) string { return strings.TrimPrefix(escaped[1:], "\n") })
		case part[0] == '\\' && !windows:
			text = part[1:]
		}
		if separated {
			args = append(args, "")
		}
		separated = false
		args[len(args)-1] += text
	}
	if len(args) == 0 || args[0] == "" {
		return nil, errors.New("no command")
	}
	return args, nil
}
