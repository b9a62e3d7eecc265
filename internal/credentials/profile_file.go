package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
)

// byteOrderMark is what some editors put at the beginning of a file.
const byteOrderMark = "\xEF\xBB\xBF"

// cliConfig is the aliyun CLI's configuration file, as far as credentials go.
type cliConfig struct {
	path     string
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
}

// profileCandidate is a profile that is asked for by name.
func (f *finder) profileCandidate(ctx context.Context, name setting) candidate {
	r := profileRank
	if name.name == onlyCLIProfile {
		r = unranked
	}
	return single(name, r, func(name setting) (*foundSource, error) {
		config, err := f.readCLIConfig(ctx)
		if failure := (*ConfigError)(nil); errors.Is(err, fs.ErrNotExist) && errors.As(err, &failure) {
			failure.Detail += fmt.Sprintf(" The profile %q (%s) needs it: `aliyun configure --profile %[1]s` makes it.", name.value, name.name)
		}
		if err != nil {
			return nil, err
		}
		p, err := config.find(name.value, "named by "+name.name)
		if err != nil {
			return nil, err
		}
		return f.fromProfile(p)
	})
}

// currentProfile is the CLI's current profile, or nil without one. Nobody asked for it,
// so it isn't an error if the CLI isn't installed or was never set up; but a file that
// was asked for has to be there.
func (f *finder) currentProfile(ctx context.Context) (*foundSource, error) {
	name := "the aliyun CLI's current profile"
	path, setBy, _ := f.cliPath()
	if setBy != "" {
		name += fmt.Sprintf(" in %s (%s)", path, setBy)
	}
	if off := f.profilesOff(); off != "" {
		f.skip(name, off+" is true")
		return nil, nil
	}
	config, err := f.readCLIConfig(ctx)
	if errors.Is(err, fs.ErrNotExist) && setBy == "" {
		f.skip(name, err.Error())
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	current, namedBy := strings.TrimSpace(config.Current), "the current one"
	if current == "" {
		current, namedBy = "default", "the CLI's own default"
	}
	p, err := config.find(current, namedBy)
	if err != nil {
		return nil, err
	}
	if p.mode() == "" || p.Mode == "AK" && p.AccessKeyID+p.AccessKeySecret == "" { // An interrupted `aliyun configure` leaves this.
		f.skip(name, "the "+p.String()+" is empty")
		return nil, nil
	}
	return f.fromProfile(p)
}

func (f *finder) fromProfile(p *cliProfile) (*foundSource, error) {
	found, err := f.openProfile(p, nil)
	if err != nil {
		return nil, err
	}
	found.name = "the " + p.String() + ", mode " + p.mode()
	if found.fixed {
		found.name += ", access key " + masked(p.AccessKeyID)
	}
	found.profile = p
	return found, nil
}

// defaultFile is the CLI's file below the home directory.
const defaultFile = ".aliyun/config.json"

// cliPath returns the path of the CLI's configuration and the argument or variable that
// sets it; "" for the default.
func (f *finder) cliPath() (path, setBy string, err error) {
	set := chosen(
		setting{name: `attribute "shared_credentials_file"`, value: f.cfg.SharedCredentialsFile},
		f.first(fileNames...),
		setting{value: "~/" + defaultFile},
	)
	home := chosen(f.variable("HOME"), setting{value: f.env("HOMEDRIVE") + f.env("HOMEPATH")}, f.variable("USERPROFILE"))
	rest, below := strings.CutPrefix(set.value, "~/")
	switch {
	case !below:
		return set.value, set.name, nil
	case home.value == "":
		failure := mistake("No Home Directory", "The aliyun CLI's configuration is %s, but the environment names no home directory (HOME, on Windows also USERPROFILE).", set.value)
		failure.Err = fs.ErrNotExist
		return set.value, set.name, failure
	}
	return filepath.Join(home.value, rest), set.name, nil
}

// officialFile is the file that the official provider reads where this one reads used.
func (f *finder) officialFile(used string) string {
	if set := f.first(fileNames...); f.cfg.SharedCredentialsFile != "" || set.value != "" && set.name != onlyCLIFile {
		return used
	}
	home := "HOME"
	if runtime.GOOS == "windows" {
		home = "USERPROFILE"
	}
	if path := filepath.Clean(f.env(home) + "/" + defaultFile); path != filepath.Clean(used) {
		return path
	}
	return used
}

// readCLIConfig reads the file. Errors name the place of a mistake, never what is
// written there. Where there is no file the error is also [fs.ErrNotExist].
func (f *finder) readCLIConfig(ctx context.Context) (*cliConfig, error) {
	path, setBy, err := f.cliPath()
	if err != nil {
		return nil, err
	}
	named := path
	if setBy != "" {
		named += ", which " + setBy + " names,"
	}
	config := &cliConfig{path: path}
	content, err := readRegular(ctx, path)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var failure *ConfigError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		failure = mistake("CLI Configuration Not Found", "The file %s doesn't exist.", named)
	case err != nil:
		failure = mistake("Unusable CLI Configuration", "The file %s can't be read: %v.", named, err)
	default:
		problem := config.decode(bytes.TrimPrefix(content, []byte(byteOrderMark)))
		if problem == "" {
			return config, nil
		}
		failure = mistake("Unusable CLI Configuration", "The file %s %s. It must be the config.json of the aliyun CLI, in UTF-8; `aliyun configure` makes one.", named, problem)
	}
	failure.Err = err
	if f.cfg.SharedCredentialsFile != "" {
		failure.Attribute = "shared_credentials_file"
	}
	return nil, failure
}

// decode reads the content, and says what is wrong with it and where. encoding/json's
// own texts quote a part of the file.
func (c *cliConfig) decode(content []byte) (problem string) {
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
	)
	err := json.Unmarshal(content, c)
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return "is empty"
	case errors.As(err, &syntax):
		before := content[:min(int(syntax.Offset), len(content))]
		line, column := bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')-1
		return fmt.Sprintf("is not valid JSON: see line %d, column %d", line, column)
	case errors.As(err, &mismatch):
		return fmt.Sprintf("has a field %q that is not of the type %s", mismatch.Field, mismatch.Type)
	case len(c.Profiles) == 0:
		return "has no profiles"
	}
	for i := range c.Profiles {
		trim(&c.Profiles[i])
	}
	return ""
}

// find returns the profile of that name. namedBy says what named it.
func (c *cliConfig) find(name, namedBy string) (*cliProfile, error) {
	var found []cliProfile
	var names []string
	for _, p := range c.Profiles {
		names = append(names, fmt.Sprintf("%q", p.Name))
		if p.Name == name {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return nil, mistake("Unknown Profile", "The file %s has no profile %q (%s). It has %s.", c.path, name, namedBy, strings.Join(names, ", "))
	case 1:
		found[0].config, found[0].namedBy = c, namedBy
		return &found[0], nil
	} // The CLI would use the first one, the official provider the last one.
	return nil, mistake("Ambiguous Profile", "The file %s has several profiles %q (%s). Rename or remove all but one.", c.path, name, namedBy)
}
