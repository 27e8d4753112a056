@NullMarked
package holt.cli;

import org.jspecify.annotations.NullMarked;
