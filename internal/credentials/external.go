package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// external is a profile whose command prints credentials: the fields of a profile,
// which replace those of this one.
func (f *finder) external(p *cliProfile, path []string) (*foundSource, error) {
	args, err := splitCommand(p.ProcessCommand, runtime.GOOS == "windows")
	if err != nil {
		return nil, mistake("Invalid Profile Command", "The process_command of the %s has %s.", p, err)
	}
	return &foundSource{fetch: func(ctx context.Context) (session, error) {
		output, err := run(ctx, args)
		if ctx.Err() != nil {
			return session{}, ctx.Err()
		}
		var next session
		if err == nil {
			next, err = f.printed(ctx, *p, path, output)
		}
		if problem := commandError(""); errors.As(err, &problem) {
			// Neither the command nor what it printed is shown: they may contain secrets.
			err = &Error{Message: fmt.Sprintf("the command of the profile %q failed: %s. Run it in a shell to see what it prints", p.Name, problem)}
		}
		return next, err
	}}, nil
}

// printed is the session of a profile with what its command printed.
func (f *finder) printed(ctx context.Context, p cliProfile, path []string, output []byte) (session, error) {
	var reply struct {
		Expiration string `json:"expiration"`
	}
	p.Mode = ""
	if json.Unmarshal(output, &reply) != nil || json.Unmarshal(output, &p) != nil {
		return session{}, commandError("its output is not the JSON it should be")
	}
	trim(&p)
	p.ProcessCommand = "" // A command that prints another would have no end.
	found, err := f.openProfile(&p, path)
	if err != nil {
		return session{}, commandError("its output is no profile that can be used: it needs mode, access_key_id and " +
			"access_key_secret, and sts_token or what else its mode needs")
	}
	next, err := found.fetch(ctx)
	if err != nil || !next.end.IsZero() {
		return next, err
	}
	next.end, err = time.Parse(time.RFC3339, reply.Expiration)
	if err != nil { // Treated as absent, as by the vendor's library.
		next.end = f.cfg.Now().Add(unknownLife)
	}
	return next, nil
}
