/** Encryption of what is stored, with Tink. */
@NullMarked
package dev.evertoken.adapter.crypto;

import org.jspecify.annotations.NullMarked;
