package credentials

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	for command, want := range map[string][]string{
		"get keys":                  {"get", "keys"},
		`"a b" e" "f`:               {"a b", "e f"},
		`get "" "a\"b"`:             {"get", "", `a"b`},
		`C:\tools\get.exe "D:\a b"`: {`C:\tools\get.exe`, `D:\a b`},
		`get \`:                     {"get", `\`},
	} {
		args, err := splitCommand(command)
		if diff := cmp.Diff(want, args); diff != "" || err != nil {
			t.Errorf("%q: %v %s", command, err, diff)
		}
	}
	for _, command := range []string{"", `"" x`, `get 'a b'`} {
		if _, err := splitCommand(command); err == nil {
			t.Errorf("%q: no error", command)
		}
	}
}
