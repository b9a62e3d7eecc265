package credentials

import "cmp"

// assumeRole puts the role of the provider block on top of a source.
func (f *finder) assumeRole(base *origin) (*origin, error) {
	const attribute = "assume_role"
	role := *f.cfg.AssumeRole
	if role.RoleARN == "" {
		return nil, incomplete(attribute+".role_arn", attribute, "role_arn")
	}
	built, err := f.newRole(role, attribute+".session_expiration", base.provider, base.location)
	return &origin{
		provider: built,
		name:     "the role " + role.RoleARN + " (assume_role), assumed with " + base.name,
		location: base.location,
	}, err
}

// newRole gives the sessions of a role that is assumed with the keys of base.
// durationAttribute is where its duration is set.
func (f *finder) newRole(role AssumeRole, durationAttribute string, base provider, profile location) (provider, error) {
	duration, err := sessionDuration(durationAttribute, role.SessionExpiration)
	if err != nil {
		return nil, err
	}
	client, err := f.newSTSClient(base, profile)
	if err != nil {
		return nil, err
	}
	p := assumeRole{
		client: client,
		request: assumeRoleRequest{
			RoleARN:         role.RoleARN,
			SessionName:     cmp.Or(role.SessionName, defaultSessionName),
			DurationSeconds: duration,
			Policy:          role.Policy,
			ExternalID:      role.ExternalID,
		},
	}
	return f.newRefreshing(&p), nil
}
