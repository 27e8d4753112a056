package holt.controller;

/**
 * What one caller of the API may take.
 *
 * @param jsonBytes the largest JSON body
 * @param treeBytes the largest body that names the files of a package
 * @param uploadBytes the largest content or package
 * @param streams event streams open at once, of all callers together
 * @param logBytes log lines kept of one app
 */
public record ApiLimits(long jsonBytes, long treeBytes, long uploadBytes, int streams, long logBytes) {

    /** What is used unless somebody says otherwise. */
    public static ApiLimits standard() {
        return new ApiLimits(1L << 20, 32L << 20, 1L << 30, 500, 32L << 20);
    }
}
