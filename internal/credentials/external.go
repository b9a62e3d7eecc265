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

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

const (
	externalTimeout = time.Minute // As in credentials-go.
	// externalLifetime is how long keys without an expiration are kept: the
	// shortest session that STS gives.
	externalLifetime = 15 * time.Minute
)

// external is an External profile: a command that prints keys. credentials-go's
// own provider can't be used. It prints the command and its output to stdout when
// it can't read them, and stdout belongs to the plugin protocol; it knows no
// context; and it runs the command again for every call where no expiration is
// given.
type external struct {
	profile string
	args    []string
}

func (f *finder) newExternal(p *cliProfile) (provider, error) {
	args, err := splitCommand(p.ProcessCommand, runtime.GOOS == "windows")
	if err != nil {
		return nil, &ConfigError{
			Summary: "Invalid Profile Command",
			Detail:  fmt.Sprintf("The process_command of the %s has %s.", p, err),
		}
	}
	return f.newRefreshing(&external{profile: p.Name, args: args}), nil
}

// fetch runs the command. Errors don't show its output or its arguments, which may
// contain keys. They show the last line of stderr, redacted.
func (e *external) fetch(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, externalTimeout)
	defer cancel()
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, e.args[0], e.args[1:]...) //nolint:gosec // The user's own command, from the user's own file.
	command.Stdout, command.Stderr = &stdout, &stderr
	command.WaitDelay = time.Second // For children of the command that keep its output open.
	err := command.Run()
	switch {
	case ctx.Err() != nil:
		return nil, e.failure(ctx.Err(), "") // Not just that the process was killed.
	case errors.Is(err, exec.ErrWaitDelay):
		// The command succeeded, and a child of it, such as an agent that it started,
		// keeps its output open.
	case err != nil:
		return nil, e.failure(err, lastLine(stderr.String()))
	}

	var reply struct {
		Mode            string `json:"mode"`
		AccessKeyID     string `json:"access_key_id"`
		AccessKeySecret string `json:"access_key_secret"`
		SecurityToken   string `json:"sts_token"`
		Expiration      string `json:"expiration"`
	}
	if json.Unmarshal(stdout.Bytes(), &reply) != nil {
		return nil, e.failure(errors.New("its output is not the JSON it should be"), lastLine(stderr.String()))
	}
	switch {
	case reply.AccessKeyID == "" || reply.AccessKeySecret == "":
		return nil, e.failure(errors.New("its output lacks access_key_id or access_key_secret"), "")
	case reply.Mode == "StsToken" && reply.SecurityToken == "":
		return nil, e.failure(errors.New("its output lacks sts_token"), "")
	}
	expires, err := time.Parse(time.RFC3339, reply.Expiration)
	if err != nil { // Treated as absent, as in credentials-go.
		expires = time.Now().Add(externalLifetime)
	}
	return &session{
		credentials: sdkcredentials.Credentials{
			AccessKeyId:     reply.AccessKeyID,
			AccessKeySecret: reply.AccessKeySecret,
			SecurityToken:   reply.SecurityToken,
		},
		expires: expires,
	}, nil
}

// failure says what failed, and what the command said about it.
func (e *external) failure(err error, said string) *Error {
	message := fmt.Sprintf("the command %q of the profile %q failed: %v", e.args[0], e.profile, err)
	if said != "" {
		message += ": " + said
	}
	return &Error{Message: message, Err: err}
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return redact(text[strings.LastIndex(text, "\n")+1:])
}
