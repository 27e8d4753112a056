/** Who somebody is, what they may do, and how secrets are kept. */
@NullMarked
package holt.identity;

import org.jspecify.annotations.NullMarked;
