export default function Library() {
  return <div className="page"><h1>Library</h1></div>;
}
