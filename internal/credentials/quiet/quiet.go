// Package quiet keeps the vendor's libraries from printing what they send.
//
// With "credential" in the variable DEBUG, credentials-go prints the headers of
// its requests to stdout, the tokens of the metadata service and of CloudSSO
// among them, and Terraform writes a plugin's stdout into its log; with "sdk" the
// SDK prints strings to sign. Both read the variable while their packages are
// initialized. Go initializes the packages whose imports are ready in the order
// of their paths, so this one, which imports next to nothing, comes before
// net/http and all that imports it.
package quiet

import (
	"os"
	"slices"
	"strings"
)

func init() {
	debug, set := os.LookupEnv("DEBUG")
	if !set {
		return
	}
	flags := slices.DeleteFunc(strings.Split(debug, ","), func(flag string) bool { return flag == "credential" || flag == "sdk" })
	_ = os.Setenv("DEBUG", strings.Join(flags, ",")) // It fails for bad names only.
}
