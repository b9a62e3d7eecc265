package credentials

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// cliConfig is the aliyun CLI's configuration file, as far as credentials go.
type cliConfig struct {
	path     string
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
}

// profileCandidate is a profile that is asked for by name.
func (f *finder) profileCandidate(ctx context.Context, name setting) candidate {
	r := profileRank
	if name.name == profileNames[2] {
		r = unranked
	}
	return single(name, r, func(name setting) (*Source, error) {
		p, err := f.readProfile(ctx, name.value, "named by "+name.name)
		if failure, ok := errors.AsType[*ConfigError](err); ok && failure.noFile {
			failure.Detail += fmt.Sprintf(" The profile %q (%s) needs it: `aliyun configure --profile %[1]s` makes it.", name.value, name.name)
		}
		if err != nil {
			return nil, err
		}
		return f.fromProfile(p)
	})
}

// currentProfile is the CLI's current profile, or nil if the CLI was never set up. A file
// that was asked for has to be there.
func (f *finder) currentProfile(ctx context.Context) (*Source, error) {
	name := "the aliyun CLI's current profile"
	file := f.cliFile()
	if file.name != "" {
		name += fmt.Sprintf(" in %s (%s)", file.value, file.name)
	}
	if off := f.profilesOff(); off != "" {
		f.skip(name, off+" is true")
		return nil, nil
	}
	p, err := f.readProfile(ctx, "", "")
	failure, isMistake := errors.AsType[*ConfigError](err)
	switch {
	case isMistake && failure.noFile && file.name == "":
		f.skip(name, err.Error())
		return nil, nil
	case err != nil:
		return nil, err
	case p.mode() == "", p.Mode == "AK" && p.AccessKeyID+p.AccessKeySecret == "": // An interrupted `aliyun configure` leaves this.
		f.skip(name, "the "+p.String()+" is empty")
		return nil, nil
	}
	return f.fromProfile(p)
}

func (f *finder) fromProfile(p *cliProfile) (*Source, error) {
	source, err := f.openProfile(p, nil)
	if err != nil {
		return nil, err
	}
	source.name, source.profile = "the "+p.String()+", mode "+p.mode(), p
	if source.fixed {
		source.name += ", access key " + masked(p.AccessKeyID)
	}
	return source, nil
}

// defaultFile is the CLI's file below the home directory.
const defaultFile = ".aliyun/config.json"

// cliFile is the path of the CLI's configuration, with the argument or variable that sets
// it; "" for the default. Without a home directory, the path begins with "~/".
func (f *finder) cliFile() setting {
	file := chosen(
		setting{`attribute "shared_credentials_file"`, f.cfg.SharedCredentialsFile, "shared_credentials_file"},
		f.first(fileNames...),
		setting{value: "~/" + defaultFile},
	)
	home := cmp.Or(f.env("HOME"), f.env("HOMEDRIVE")+f.env("HOMEPATH"), f.env("USERPROFILE"))
	if rest, below := strings.CutPrefix(file.value, "~/"); below && home != "" {
		file.value = filepath.Join(home, rest)
	}
	return file
}

// officialFile is the file that the official provider would read.
func (f *finder) officialFile() string {
	file, home := f.cliFile(), "HOME"
	if file.name != "" && file.name != fileNames[2] {
		return filepath.Clean(file.value)
	}
	if runtime.GOOS == "windows" {
		home = "USERPROFILE"
	}
	return filepath.Clean(f.env(home) + "/" + defaultFile)
}

// readProfile reads a profile of the file, or the current one without a name; namedBy
// says what named it. Errors name the place of a mistake, never what is written there.
func (f *finder) readProfile(ctx context.Context, name, namedBy string) (*cliProfile, error) {
	file := f.cliFile()
	described := file.value
	if file.name != "" {
		described += ", which " + file.name + " names,"
	}
	config := &cliConfig{path: file.value}
	content, err := readRegular(ctx, file.value)
	if strings.HasPrefix(file.value, "~/") { // Not a folder of that name.
		err = fs.ErrNotExist
	}
	if err == nil {
		err = config.decode(content)
	}
	var failure *ConfigError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		return config.find(name, namedBy)
	case strings.HasPrefix(file.value, "~/"):
		failure = mistake("No Home Directory", "The aliyun CLI's configuration is %s, but the environment names no home directory (HOME, on Windows also USERPROFILE).", file.value)
	case errors.Is(err, fs.ErrNotExist):
		failure = mistake("CLI Configuration Not Found", "The file %s doesn't exist.", described)
	default:
		failure = mistake("Unusable CLI Configuration", "The file %s can't be used: %v. It must be the config.json of the aliyun CLI, in UTF-8; `aliyun configure` makes one.", described, err)
	}
	failure.Attribute, failure.noFile = file.attribute, errors.Is(err, fs.ErrNotExist)
	return nil, failure
}

// decode reads the content, or says what is wrong with it and where. encoding/json's own
// texts quote a part of the file.
func (c *cliConfig) decode(content []byte) error {
	err := json.Unmarshal(content, c)
	syntax, invalid := errors.AsType[*json.SyntaxError](err)
	mismatch, mismatched := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return errors.New("it is empty")
	case invalid:
		before := content[:min(int(syntax.Offset), len(content))]
		line, column := bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')-1
		return fmt.Errorf("it is not valid JSON: see line %d, column %d", line, column)
	case mismatched:
		return fmt.Errorf("it has a field %q that is not of the type %s", mismatch.Field, mismatch.Type)
	case len(c.Profiles) == 0:
		return errors.New("it has no profiles")
	}
	c.Current = cmp.Or(strings.TrimSpace(c.Current), "default") // As for the CLI.
	for i := range c.Profiles {
		c.Profiles[i].trim()
	}
	return nil
}

// find returns the profile of that name, or the current one without a name.
func (c *cliConfig) find(name, namedBy string) (*cliProfile, error) {
	if name == "" {
		name, namedBy = c.Current, "the current one"
	}
	var found *cliProfile
	var names []string
	for _, p := range c.Profiles {
		names = append(names, strconv.Quote(p.Name))
		switch {
		case p.Name != name:
		case found != nil: // The CLI would use the first one, the official provider the last one.
			return nil, mistake("Ambiguous Profile", "The file %s has several profiles %q (%s). Rename or remove all but one.", c.path, name, namedBy)
		default:
			found = &p
			found.config, found.namedBy = c, namedBy
		}
	}
	if found == nil {
		return nil, mistake("Unknown Profile", "The file %s has no profile %q (%s). It has %s.", c.path, name, namedBy, strings.Join(names, ", "))
	}
	return found, nil
}

// updateProfile sets fields of one profile and keeps everything else of the file. It
// reads the file again, since the CLI takes no lock.
func updateProfile(ctx context.Context, path, name string, fields map[string]any) error {
	path, err := filepath.EvalSymlinks(path) // Or the rename would replace the link.
	if err != nil {
		return err
	}
	content, err := readRegular(ctx, path)
	if err != nil {
		return err
	}
	var config map[string]any
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber() // Numbers come back as they were written.
	if decoder.Decode(&config) != nil {
		return fmt.Errorf("%s is no longer valid JSON", path)
	}
	profiles, _ := config["profiles"].([]any)
	for _, entry := range profiles {
		profile, _ := entry.(map[string]any)
		if text, _ := profile["name"].(string); strings.TrimSpace(text) != name {
			continue
		}
		maps.Copy(profile, fields)
		content, _ = json.MarshalIndent(config, "", "\t") // What was decoded can be encoded.
		return replaceFile(path, content)
	}
	return fmt.Errorf("%s no longer has the profile %q", path, name)
}
