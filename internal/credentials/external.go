package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

const (
	commandTimeout = time.Minute // As in the vendor's library.
	maxOutput      = 1 << 20
)

// external is a profile whose command prints credentials: the fields of a profile,
// which replace those of this one.
func (f *finder) external(p *cliProfile, path []string) (*Source, error) {
	args, err := splitCommand(p.ProcessCommand)
	if err != nil {
		return nil, mistake("Invalid Profile Command", "The process_command of the %s can't be run: %v.", p, err)
	}
	return f.newSource("", func(ctx context.Context) (session, error) {
		source, end, err := f.runCommand(ctx, args, *p, path)
		if err != nil { // Neither the command nor what it printed is shown: they may contain secrets.
			return session{}, failed("the command of the profile %q failed: %v. Run it in a shell to see what it prints", p.Name, err)
		}
		next, err := source.fetch(ctx)
		if next.end.IsZero() {
			next.end = end
		}
		return next, err
	}), nil
}

// runCommand gives the source that a profile is with what its command prints, and the end
// of its credentials where these have none by themselves.
func (f *finder) runCommand(ctx context.Context, args []string, p cliProfile, path []string) (source *Source, end time.Time, err error) {
	output, err := run(ctx, args)
	if err != nil {
		return nil, end, err
	}
	p.Mode, p.Expiration = "", ""
	if json.Unmarshal(output, &p) != nil {
		return nil, end, errors.New("its output is not the JSON it should be")
	}
	p.trim()
	p.ProcessCommand = "" // A command that prints another would have no end.
	if source, err = f.openProfile(&p, path); err != nil {
		return nil, end, errors.New("its output is no profile that can be used: it needs mode, access_key_id and " +
			"access_key_secret, and sts_token or what else its mode needs")
	}
	if end, err = time.Parse(time.RFC3339, p.Expiration); err != nil { // Treated as absent, as by the vendor's library.
		end = f.cfg.Now().Add(unknownLife)
	}
	return source, end, nil
}

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
	if runtime.GOOS == "windows" && strings.Contains(command, "'") {
		err = errors.New("single quotes hold nothing together on Windows; write double quotes")
	}
	if err == nil && (len(args) == 0 || args[0] == "") {
		err = errors.New("it names no command")
	}
	return args, err
}
