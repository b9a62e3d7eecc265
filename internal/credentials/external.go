package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

const (
	externalTimeout = time.Minute // As in credentials-go.
	maxOutput       = 1 << 20

	externalDisabled = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS" // It switches off modes External and CredentialsURI.
)

// external is a profile whose command prints credentials: the fields of a profile,
// which replace those of this one.
func (b *profileBuilder) external(p *cliProfile) (*origin, error) {
	args, err := splitCommand(p.ProcessCommand, runtime.GOOS == "windows")
	if err != nil {
		return nil, mistake("Invalid Profile Command", "The process_command of the %s has %s.", p, err)
	}
	return &origin{fetch: func(ctx context.Context) (session, error) {
		output, err := run(ctx, args)
		if ctx.Err() != nil {
			return session{}, ctx.Err()
		}
		if err != nil {
			return session{}, externalError(p, err)
		}
		return b.printed(ctx, p, output)
	}}, nil
}

// externalError says that the command failed, without the command and what it said,
// which may contain secrets.
func externalError(p *cliProfile, err error) *Error {
	return &Error{Message: fmt.Sprintf("the command of the profile %q failed: %v. Run it in a shell to see what it prints", p.Name, err)}
}

// printed makes a session of what the command printed.
func (b *profileBuilder) printed(ctx context.Context, p *cliProfile, output []byte) (session, error) {
	var reply struct {
		Mode       string `json:"mode"`
		Expiration string `json:"expiration"`
	}
	result := *p
	result.Mode = ""
	if json.Unmarshal(output, &reply) != nil || json.Unmarshal(output, &result) != nil {
		return session{}, externalError(p, errors.New("its output is not the JSON it should be"))
	}
	trim(&result)
	result.ProcessCommand = "" // A command that prints another would have no end.
	inner := profileBuilder{finder: b.finder, config: b.config, path: b.path}
	found, err := inner.build(&result)
	if err != nil {
		return session{}, externalError(p, errors.New("its output is no profile that can be used: it needs mode, access_key_id and "+
			"access_key_secret, and sts_token or what else its mode needs"))
	}
	got, err := found.fetch(ctx)
	if err != nil || !got.end.IsZero() {
		return got, err
	}
	got.end, err = time.Parse(time.RFC3339, reply.Expiration)
	if err != nil { // Treated as absent, as in credentials-go.
		got.end = b.cfg.Now().Add(unknownLife)
	}
	return got, nil
}

// run gives what a command prints. It and its children end with the context.
func run(ctx context.Context, args []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, externalTimeout)
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
	switch {
	case output.overflowed:
		return nil, fmt.Errorf("its output is larger than %d KiB", maxOutput>>10)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("it took longer than %s", externalTimeout)
	case errors.Is(err, exec.ErrWaitDelay): // It succeeded, and a child of it kept its output open.
		return output.content.Bytes(), nil
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("there is no such command")
	}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return nil, errors.New("it can't be started") // The error names the command.
	}
	return output.content.Bytes(), err
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
