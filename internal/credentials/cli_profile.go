package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

const cliDisabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"

// profile is a profile of the CLI that is asked for by name. attribute is ""
// where the environment names it.
func (f *finder) profile(name, attribute string) (*origin, error) {
	if f.enabled(cliDisabled) {
		return nil, &ConfigError{
			Attribute: attribute,
			Summary:   "CLI Profiles Disabled",
			Detail:    fmt.Sprintf("The profile %q is asked for, and %s is true.", name, cliDisabled),
		}
	}
	config, err := f.readCLIConfig()
	if err != nil {
		return nil, at(attribute, err)
	}
	opened, err := f.fromProfile(config, name)
	return opened, at(attribute, err)
}

// currentProfile is the CLI's current profile, which nobody asked for: where the
// CLI isn't installed or was never set up, nothing is there.
func (f *finder) currentProfile() place {
	p := place{name: "the aliyun CLI's current profile"}
	if f.enabled(cliDisabled) {
		p.absent = cliDisabled + " is true"
		return p
	}
	var current *cliProfile
	config, err := f.readCLIConfig()
	if err == nil {
		current, err = config.find(config.current())
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.cfg.SharedCredentialsFile == "":
		p.absent = "there is no configuration file"
	case err == nil && current.empty():
		p.absent = fmt.Sprintf("the profile %q in %s is empty", current.Name, config.path)
	}
	p.open = func() (*origin, error) {
		if err != nil {
			return nil, err
		}
		return f.fromProfile(config, current.Name)
	}
	return p
}

func (f *finder) fromProfile(config *cliConfig, name string) (*origin, error) {
	found, err := config.find(name)
	if err != nil {
		return nil, err
	}
	b := profileBuilder{finder: f, config: config}
	p, err := b.build(found)
	if err != nil {
		return nil, err
	}
	opened := &origin{
		provider: p,
		name:     fmt.Sprintf("the profile %q of %s (mode %s)", name, config.path, found.Mode),
		region:   found.RegionID,
	}
	if found.Mode == "AK" || found.Mode == "StsToken" {
		opened.name = strings.TrimSuffix(opened.name, ")") + ", access key " + masked(found.AccessKeyID) + ")"
	}
	return opened, nil
}
