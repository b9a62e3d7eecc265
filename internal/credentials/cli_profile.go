package credentials

import (
	"errors"
	"fmt"
	"io/fs"
)

const cliDisabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"

// profileAttribute is the attribute "profile". It is explicit, so it works even if
// the environment disables profiles.
func (f *finder) profileAttribute() place {
	const attribute = "profile"
	p := place{name: fmt.Sprintf("attribute %q", attribute), absent: absent(f.cfg.Profile)}
	p.open = func() (*origin, error) {
		opened, err := f.profile(f.cfg.Profile, "named by "+p.name)
		return opened, at(attribute, err)
	}
	return p
}

// profileVariable is a profile that the environment names.
func (f *finder) profileVariable() place {
	variables := []setting{
		{"ALIBABA_CLOUD_PROFILE", f.env("ALIBABA_CLOUD_PROFILE")},
		{"ALICLOUD_PROFILE", f.env("ALICLOUD_PROFILE")},
	}
	p := place{name: variables[0].name + " and " + variables[1].name, absent: "not set"}
	for _, variable := range variables {
		if variable.value == "" {
			continue
		}
		p.absent = ""
		if f.enabled(cliDisabled) {
			p.absent = "set, but " + cliDisabled + " is true"
		}
		p.open = func() (*origin, error) { return f.profile(variable.value, "named by "+variable.name) }
		break
	}
	return p
}

// profile is a profile that is asked for by name.
func (f *finder) profile(name, namedBy string) (*origin, error) {
	config, err := f.readCLIConfig()
	if err != nil {
		return nil, err
	}
	found, err := config.find(name, namedBy)
	if err != nil {
		return nil, err
	}
	return f.fromProfile(config, found)
}

// currentProfile is the CLI's current profile. Nobody asked for it, so it isn't an
// error if the CLI isn't installed or was never set up.
func (f *finder) currentProfile() place {
	p := place{name: "the aliyun CLI's current profile"}
	path, setBy, err := f.cliPath()
	if setBy != "" {
		p.name += fmt.Sprintf(" in %s (%s)", path, setBy)
	}
	if f.enabled(cliDisabled) {
		p.absent = cliDisabled + " is true"
		return p
	}
	if err != nil {
		p.absent = "the environment names no home directory (" + homeVariable() + "), where " + path + " would be"
		return p
	}
	var current *cliProfile
	config, err := f.readCLIConfig()
	if err == nil {
		current, err = config.find(config.current())
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.cfg.SharedCredentialsFile == "":
		p.absent = "there is no file " + path
	case err == nil && current.empty():
		p.absent = "the " + current.String() + " is empty"
	}
	p.open = func() (*origin, error) {
		if err != nil {
			return nil, err
		}
		return f.fromProfile(config, current)
	}
	return p
}

func (f *finder) fromProfile(config *cliConfig, found *cliProfile) (*origin, error) {
	b := profileBuilder{finder: f, config: config}
	p, err := b.build(found)
	if err != nil {
		return nil, err
	}
	opened := &origin{
		provider: p,
		name:     "the " + found.String() + ", mode " + found.Mode,
		location: found.location(),
	}
	if found.Mode == "AK" || found.Mode == "StsToken" {
		opened.name += ", access key " + masked(found.AccessKeyID)
	}
	return opened, nil
}
