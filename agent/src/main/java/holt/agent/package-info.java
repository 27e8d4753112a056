@NullMarked
package holt.agent;

import org.jspecify.annotations.NullMarked;
