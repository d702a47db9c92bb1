/** The settings of a node: read from YAML and environment, checked, and told redacted. */
@NullMarked
package dev.evertoken.boot.settings;

import org.jspecify.annotations.NullMarked;
