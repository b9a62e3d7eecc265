package credentials

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// profile is a profile that is asked for by name.
func (f *finder) profile(ctx context.Context, name setting) (*origin, error) {
	config, err := f.readCLIConfig(ctx)
	if failure := (*ConfigError)(nil); errors.Is(err, fs.ErrNotExist) && errors.As(err, &failure) {
		failure.Detail += fmt.Sprintf(" The profile %q (%s) needs it: `aliyun configure --profile %[1]s` makes it.", name.value, name.name)
	}
	if err != nil {
		return nil, err
	}
	found, err := config.find(name.value, "named by "+name.name)
	if err != nil {
		return nil, err
	}
	return f.fromProfile(config, found)
}

// currentProfile is the CLI's current profile. Nobody asked for it, so it isn't an
// error if the CLI isn't installed or was never set up; but a file that was asked for
// has to be there.
func (f *finder) currentProfile(ctx context.Context) place {
	name := "the aliyun CLI's current profile"
	path, setBy, err := f.cliPath()
	if setBy != "" {
		name += fmt.Sprintf(" in %s (%s)", path, setBy)
	}
	return place{name, true, unranked, func() (*origin, error) {
		if off := f.profilesDisabled(); off != "" {
			return nil, absent(off + " is true")
		}
		if err != nil {
			return nil, absent(err.Error())
		}
		config, err := f.readCLIConfig(ctx)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) && setBy == "" {
				return nil, absent("there is no file " + path)
			}
			return nil, err
		}
		current, err := config.find(config.current())
		if err != nil {
			return nil, err
		}
		if current.empty() {
			return nil, absent("the " + current.String() + " is empty")
		}
		return f.fromProfile(config, current)
	}}
}

// empty reports whether the profile is what an interrupted `aliyun configure` leaves
// behind.
func (p *cliProfile) empty() bool {
	return p.mode() == "" || p.Mode == "AK" && p.AccessKeyID == "" && p.AccessKeySecret == ""
}

func (f *finder) fromProfile(config *cliConfig, found *cliProfile) (*origin, error) {
	b := profileBuilder{finder: f, config: config}
	opened, err := b.build(found)
	if err != nil {
		return nil, err
	}
	f.warnProfile(found)
	opened.name = "the " + found.String() + ", mode " + found.mode()
	if opened.fixed {
		opened.name += ", access key " + masked(found.AccessKeyID)
	}
	opened.profile = found
	return opened, nil
}
