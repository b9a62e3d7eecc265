package processenv

import (
	"os"
	"slices"
	"strings"
)

// With "credential" in DEBUG, credentials-go prints the headers of its requests to
// stdout, the tokens of the metadata service and of CloudSSO among them, and
// Terraform writes a plugin's stdout into its log; with "sdk" the SDK prints strings
// to sign.
func init() {
	debug, set := os.LookupEnv("DEBUG")
	if !set {
		return
	}
	flags := slices.DeleteFunc(strings.Split(debug, ","), func(flag string) bool { return flag == "credential" || flag == "sdk" })
	_ = os.Setenv("DEBUG", strings.Join(flags, ",")) // It fails for bad names only.
}
