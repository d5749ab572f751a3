package domain

import (
	"strings"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Robot is a robot's account with what belongs to it.
type Robot struct {
	Account
	// SealedToken is the robot's password as the column has it, encrypted.
	SealedToken string
	// Description is free text of at most 255 characters.
	Description string
	// Metadata is a JSON object of the owner's.
	Metadata string
}

// NewRobot is a robot to be made.
type NewRobot struct {
	// Owner is the account of the namespace, a person's or an organisation's.
	Owner UserID
	// Short is the robot's name inside the namespace.
	Short       string
	SealedToken string
	Description string
	Metadata    string
	Now         time.Time
}

// RobotUse is a robot in a list, with what it may do.
type RobotUse struct {
	Robot
	// Teams that it is in and Repositories that it has a permission in, by name, in
	// the order in which they were given, each once.
	Teams        []string
	Repositories []string
}

// RobotName is the name of a namespace's robot.
func RobotName(namespace, short string) string { return namespace + "+" + short }

// SplitRobotName undoes RobotName. A name with no "+" or with more than one is no
// robot's.
func SplitRobotName(name string) (namespace, short string, ok bool) {
	namespace, short, ok = strings.Cut(name, "+")
	if !ok || strings.Contains(short, "+") {
		return "", "", false
	}
	return namespace, short, true
}

// ErrRobotMirrors is the error about deleting a robot that a mirror works as.
var ErrRobotMirrors = &errs.Error{Kind: errs.Conflict, Reason: "robot_mirrors", Message: "Robot is being used by a mirror"}
