package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// external is a profile whose command prints credentials: the fields of a profile,
// which replace those of this one.
func (f *finder) external(p *cliProfile, path []string) (*Source, error) {
	args, err := splitCommand(p.ProcessCommand)
	if err != nil {
		return nil, mistake("Invalid Profile Command", "The process_command of the %s can't be run: %v.", p, err)
	}
	return f.newSource("", func(ctx context.Context) (session, error) {
		printed := *p
		var source *Source
		output, err := run(ctx, args)
		if err == nil {
			source, err = f.openPrinted(&printed, path, output)
		}
		if err != nil { // Neither the command nor what it printed is shown: they may contain secrets.
			return session{}, failed("the command of the profile %q failed: %v. Run it in a shell to see what it prints", p.Name, err)
		}
		next, err := source.fetch(ctx)
		if err != nil || !next.end.IsZero() {
			return next, err
		}
		next.end, err = time.Parse(time.RFC3339, printed.Expiration)
		if err != nil { // Treated as absent, as by the vendor's library.
			next.end = f.cfg.Now().Add(unknownLife)
		}
		return next, nil
	}), nil
}

// openPrinted opens a profile with what its command printed. Its errors quote nothing.
func (f *finder) openPrinted(p *cliProfile, path []string, output []byte) (*Source, error) {
	p.Mode, p.Expiration = "", ""
	if json.Unmarshal(output, p) != nil {
		return nil, errors.New("its output is not the JSON it should be")
	}
	p.trim()
	p.ProcessCommand = "" // A command that prints another would have no end.
	source, err := f.openProfile(p, path)
	if err != nil {
		return nil, errors.New("its output is no profile that can be used: it needs mode, access_key_id and " +
			"access_key_secret, and sts_token or what else its mode needs")
	}
	return source, nil
}
